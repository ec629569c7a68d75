"""The wall 挂图: projects and their nodes on one time axis, worst slack on top."""
