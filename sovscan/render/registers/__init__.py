"""Candidate rows for the registers an organisation keeps (METHOD 9): evidence for them, never proof of compliance."""
