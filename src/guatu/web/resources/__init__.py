"""What plans share: crews, desks, equipment; where it is too little, and levelling it."""
