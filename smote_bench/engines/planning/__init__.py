"""What a run will cost before it is started: seconds of each cell, memory, and wall time on some workers."""
