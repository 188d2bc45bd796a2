"""What is trained, frozen and validated, and what it costs."""
