"""What leaves the house: files that somebody takes along, cut to what that person may see."""
