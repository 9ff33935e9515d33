"""See https://s3.amazonaws.com/docs."""
# https://api.openai.com/v1
URL = "https://api.mistral.ai/v1"
