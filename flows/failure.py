"""The failure an analyst can do something about; apart, so that naming it does not load pandas."""


class JobFailed(Exception):  # noqa: N818 – what the flow's state is called
    """The whole period is meaningless or cannot be published. The Vietnamese message says what to do."""
