"""The pages: each a function of an `Ask` that gives an `Answer`. None knows another."""
