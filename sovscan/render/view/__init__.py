"""The view model: everything a template prints, computed and worded beforehand."""
