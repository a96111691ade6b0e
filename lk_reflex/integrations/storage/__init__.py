"""Where uploaded files lie: a folder of this machine; later a store that several machines share."""
