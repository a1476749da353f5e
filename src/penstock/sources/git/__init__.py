"""Code in git repositories."""
