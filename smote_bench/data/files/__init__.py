"""Files as rows of text: formats, packing, dialects, and what their owner says of them."""
