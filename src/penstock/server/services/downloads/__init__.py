"""Downloads: all there is of something, page by page, so that memory and each transaction stay bounded."""
