"""The command line: one of the doors to the simulator, without any rule of IAM in it."""
