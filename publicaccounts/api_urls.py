from django.urls import path

from .api.accounts import AccountArticles, PublicAccountViewSet
from .api.articles import ArticleComments, ArticleViewSet, CommentViewSet, Inbox

urlpatterns = [
    path(
        "public-accounts/",
        PublicAccountViewSet.as_view({"get": "list", "post": "create"}),
        name="public_accounts",
    ),
    path(
        "public-accounts/<slug:handle>/",
        PublicAccountViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="public_account",
    ),
    path(
        "public-accounts/<slug:handle>/follow/",
        PublicAccountViewSet.as_view({"post": "follow", "delete": "unfollow"}),
        name="public_account_follow",
    ),
    path(
        "public-accounts/<slug:handle>/articles/",
        AccountArticles.as_view({"get": "list", "post": "create"}),
        name="public_account_articles",
    ),
    path(
        "articles/<int:pk>/",
        ArticleViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="article",
    ),
    path("articles/<int:pk>/publish/", ArticleViewSet.as_view({"post": "publish"}), name="article_publish"),
    path(
        "articles/<int:pk>/comments/",
        ArticleComments.as_view({"get": "list", "post": "create"}),
        name="article_comments",
    ),
    path("article-comments/<int:pk>/", CommentViewSet.as_view({"delete": "destroy"}), name="article_comment"),
    path("article-comments/<int:pk>/reply/", CommentViewSet.as_view({"post": "reply"}), name="article_comment_reply"),
    path("inbox/articles/", Inbox.as_view(), name="inbox_articles"),
]
