"""The training path: the exercises of each part and their feedback, the learners' copies, the trainer's guide."""
