from django.urls import path

from .views import accounts, articles, comments

app_name = "publicaccounts"

urlpatterns = [
    path("accounts/", accounts.directory, name="directory"),
    path("accounts/following/", accounts.following, name="following"),
    path("accounts/mine/", accounts.mine, name="mine"),
    path("accounts/new/", accounts.new, name="new"),
    path("accounts/<slug:handle>/", accounts.detail, name="detail"),
    path("accounts/<slug:handle>/edit/", accounts.edit, name="edit"),
    path("accounts/<slug:handle>/follow/", accounts.follow, name="follow"),
    path("accounts/<slug:handle>/unfollow/", accounts.unfollow, name="unfollow"),
    path("accounts/<slug:handle>/write/", articles.write, name="write"),
    path("articles/", articles.inbox, name="inbox"),
    path("articles/<int:pk>/", articles.detail, name="article"),
    path("articles/<int:pk>/edit/", articles.edit, name="edit_article"),
    path("articles/<int:pk>/publish/", articles.publish, name="publish"),
    path("articles/<int:pk>/delete/", articles.delete, name="delete_article"),
    path("articles/<int:pk>/comments/", comments.add, name="comment_on"),
    path("article-comments/<int:pk>/", comments.show, name="comment"),
    path("article-comments/<int:pk>/delete/", comments.delete, name="delete_comment"),
]
