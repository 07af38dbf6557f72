"""The catalogues: services (nội dung hỗ trợ) and household indicators."""
