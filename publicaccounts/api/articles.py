from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics, mixins, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from publicaccounts import services
from publicaccounts.api_fields import (
    ArticleCardSerializer,
    ArticleChangeSerializer,
    ArticleCommentSerializer,
    ArticleReplySerializer,
    ArticleSerializer,
    NewArticleCommentSerializer,
    PublishSerializer,
)
from publicaccounts.models import Article, Comment

from .accounts import NewestFirst


@extend_schema(tags=["public accounts"])
class ArticleViewSet(mixins.RetrieveModelMixin, GenericViewSet[Article]):
    serializer_class = ArticleSerializer
    queryset = Article.objects.none()

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.visible_to(self.request.user).select_related("account", "cover")

    def _answer(self, pk: int) -> Response:
        return Response(self.get_serializer(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(operation_id="articles_retrieve", summary="An article")
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._answer(pk)

    @extend_schema(operation_id="articles_update", summary="Change an article", request=ArticleChangeSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        article = get_object_or_404(self.get_queryset(), pk=pk)
        form = ArticleChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.edit_article(author=request.user, article=article, **form.validated_data)
        return self._answer(pk)

    @extend_schema(operation_id="articles_delete", summary="Delete an article for good")
    def destroy(self, request: Request, pk: int) -> Response:
        services.delete_article(author=request.user, article=get_object_or_404(self.get_queryset(), pk=pk))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="articles_publish",
        summary="Publish, and tell the followers; a second time changes nothing",
        request=PublishSerializer,
        examples=[OpenApiExample("Quietly", {"broadcast": False}, request_only=True)],
    )
    def publish(self, request: Request, pk: int) -> Response:
        article = get_object_or_404(self.get_queryset(), pk=pk)
        form = PublishSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.publish_article(author=request.user, article=article, **form.validated_data)
        return self._answer(pk)


@extend_schema(tags=["public accounts"])
class ArticleComments(GenericViewSet[Comment]):
    serializer_class = ArticleCommentSerializer
    queryset = Comment.objects.none()

    def _article(self, pk: int) -> Article:
        article: Article = get_object_or_404(Article.objects.visible_to(self.request.user), pk=pk)
        return article

    @extend_schema(operation_id="articles_comments_list", summary="What readers have said, newest first")
    def list(self, request: Request, pk: int) -> Response:
        comments = self._article(pk).comments.visible_to(request.user).select_related("author")
        page = self.paginate_queryset(comments)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="articles_comments_create",
        summary="Comment on an article",
        request=NewArticleCommentSerializer,
        responses={201: ArticleCommentSerializer},
        examples=[OpenApiExample("An answer", {"text": "So do I.", "reply_to": "7"}, request_only=True)],
    )
    def create(self, request: Request, pk: int) -> Response:
        article = self._article(pk)
        form = NewArticleCommentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        comment = services.comment_on_article(author=request.user, article=article, **form.validated_data)
        return Response(self.get_serializer(comment).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["public accounts"])
class CommentViewSet(GenericViewSet[Comment]):
    serializer_class = ArticleCommentSerializer
    queryset = Comment.objects.none()

    def get_queryset(self) -> QuerySet[Comment]:
        return Comment.objects.visible_to(self.request.user).select_related("article__account")

    @extend_schema(operation_id="article_comments_delete", summary="Delete a comment")
    def destroy(self, request: Request, pk: int) -> Response:
        services.delete_comment(actor=request.user, comment=get_object_or_404(self.get_queryset(), pk=pk))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="article_comments_reply",
        summary="Answer a comment",
        request=ArticleReplySerializer,
        responses={201: ArticleCommentSerializer},
    )
    def reply(self, request: Request, pk: int) -> Response:
        answered = get_object_or_404(self.get_queryset(), pk=pk)
        form = ArticleReplySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        comment = services.comment_on_article(
            author=request.user, article=answered.article, reply_to=answered.pk, **form.validated_data
        )
        return Response(self.get_serializer(comment).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["public accounts"])
class Inbox(generics.ListAPIView[Article]):
    serializer_class = ArticleCardSerializer
    pagination_class = NewestFirst
    queryset = Article.objects.none()

    @extend_schema(operation_id="inbox_articles_list", summary="Articles of the accounts one follows, newest first")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.inbox_of(self.request.user).for_cards()
