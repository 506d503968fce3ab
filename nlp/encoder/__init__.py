"""The fine-tuned sentence encoder: a small multilingual-e5 that was taught the intents of this
service.
"""
