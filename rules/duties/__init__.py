"""The duties by what they are about: places to see, matters to finish, things to do so often a year."""
