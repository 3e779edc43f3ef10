"""The roster, but slow to write: it takes the place of the app of teachers where a worker is to be killed."""
