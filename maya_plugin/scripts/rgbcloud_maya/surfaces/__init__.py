"""What wears textures: meshes of the scene, and what cameras see of them."""
