"""What is made of trainings: frames, numbers over seeds, sentences."""
