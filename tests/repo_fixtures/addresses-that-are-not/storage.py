import google.auth

credentials, _ = google.auth.default(["https://www.googleapis.com/auth/cloud-platform"])
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
ENGINE = {"name": "neon", "homepage_url": "https://neon.tech/"}
SEARCH = "https://www.google.com/search?q=site"
FONT_HOST = "https://fonts.googleapis.com"
