"""Files of a request as a form takes them: what its zones say, the rows of a list, and the handlers to mix in."""
