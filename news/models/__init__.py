from news.models.article import Article, CannotPublish
from news.models.edition import Edition
from news.models.filing import Author, Byline, Category
from news.models.masthead import Masthead
from news.models.picture import Picture

__all__ = ["Article", "Author", "Byline", "CannotPublish", "Category", "Edition", "Masthead", "Picture"]
