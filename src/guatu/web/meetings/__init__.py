"""Dispatch meetings (调度会、推进会): list, page and agenda of one, every act on it, its paper."""
