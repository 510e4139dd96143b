"""The policy documents in files: policies, templates of infrastructure, plans, folders of them."""
