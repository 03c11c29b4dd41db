"""How cells are computed: one after the other in a process, and which worker gets which."""
