"""What the words mean: pure functions over frames, no clock, no environment, no storage."""
