"""Passwords, compared as the eye reads them."""

from unicodedata import normalize

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class ComposedPasswordHasher(PBKDF2PasswordHasher):
    """Django's own, of the composed form of a password: one keyboard sends "ậ" as one letter, the next as two or three signs."""

    def encode(self, password, salt, iterations=None):
        return super().encode(normalize("NFC", password), salt, iterations)

    def verify(self, password, encoded):
        """Also by the signs as they were sent, which was the password before this class was."""
        is_composed = normalize("NFC", password) == password
        return super().verify(password, encoded) or (
            not is_composed and PBKDF2PasswordHasher().verify(password, encoded)
        )
