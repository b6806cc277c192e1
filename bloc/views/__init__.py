"""What the visitor sees: frames in, charts, maps and sentences out."""
