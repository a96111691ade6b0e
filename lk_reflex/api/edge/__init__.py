"""The outermost layers around every connection: who may come in, how much, and how answers leave."""
