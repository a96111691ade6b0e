"""«Исправить» an exported reading: the resident's request and the operators' desk."""
