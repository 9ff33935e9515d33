"""Who is who: ``data/providers.yaml`` and private overlays, read strictly and looked up by what evidence shows."""
