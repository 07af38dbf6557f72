"""Areas: province, districts of their time, communes, villages; code, name, kind and parent are dated."""
