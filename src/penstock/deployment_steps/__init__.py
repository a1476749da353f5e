"""Steps of deployments: named actions with inputs, such as `git_clone`, that build, push or pull code before a run."""
