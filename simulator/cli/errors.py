"""What is wrong with a call of the command line; light, since every start imports it."""


class QuestionError(Exception):
    """A question that cannot be read: a wrong option, a file that is not there."""
