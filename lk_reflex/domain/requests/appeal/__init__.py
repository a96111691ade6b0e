"""«Обращение»: a topic, a text, files."""
