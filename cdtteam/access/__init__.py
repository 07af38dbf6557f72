"""Who may do what, where: permissions, the roles' map, and the two questions asked of them."""
