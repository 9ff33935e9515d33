"""Long text about https://api.stripe.com/v1."""
BASE = "https://api.openai.com/v1"  # see https://api.anthropic.com
DOCS = "https://docs.example.org"
model = AutoModel.from_pretrained("bert-base/uncased")
lookalike = "https://api.openai.com.evil.example.org/"
lookalike2 = "https://notapi.openai.com.example.net/"
