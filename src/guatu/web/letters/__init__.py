"""Letters (两函一单): the list, the page and paper of one, every act on it, and its exports."""
