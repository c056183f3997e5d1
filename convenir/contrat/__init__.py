"""What is agreed and what it costs."""
