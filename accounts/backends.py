from allauth.account.auth_backends import AuthenticationBackend


class PersonBackend(AuthenticationBackend):
    """allauth's sign-in by handle or e-mail, which also checks permissions for the admin."""
