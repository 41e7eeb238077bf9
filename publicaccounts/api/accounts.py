from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from publicaccounts import services
from publicaccounts.api_fields import (
    AccountChangeSerializer,
    ArticleCardSerializer,
    ArticleChangeSerializer,
    ArticleSerializer,
    NewAccountSerializer,
    PublicAccountSerializer,
)
from publicaccounts.models import Article, PublicAccount
from publicaccounts.models.account import PublicAccountQuerySet
from superapp.kernel.rest import CursorPages


class NewestFirst(CursorPages):
    ordering = ("-published_at", "-pk")  # type: ignore[assignment]


@extend_schema(tags=["public accounts"])
class PublicAccountViewSet(GenericViewSet[PublicAccount]):
    serializer_class = PublicAccountSerializer
    queryset = PublicAccount.objects.none()
    lookup_field = "handle"

    def get_queryset(self) -> PublicAccountQuerySet:
        return PublicAccount.objects.visible_to(self.request.user).with_facts_for(self.request.user)

    def _account(self, handle: str) -> PublicAccount:
        account: PublicAccount = get_object_or_404(self.get_queryset(), handle=handle.lower())
        return account

    def _answer(self, handle: str, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(self._account(handle)).data, status=code)

    @extend_schema(
        operation_id="public_accounts_list",
        summary="Public accounts: all, those one follows, or one's own",
        parameters=[
            OpenApiParameter("q", str, description="A whole handle, or a part of a name."),
            OpenApiParameter("box", str, enum=["all", "following", "mine"]),
        ],
    )
    def list(self, request: Request) -> Response:
        accounts = self.get_queryset().found_by(request.query_params.get("q", "")[:50])
        if request.query_params.get("box") == "following":
            accounts = accounts.followed_by(request.user)
        elif request.query_params.get("box") == "mine":
            accounts = accounts.owned_by(request.user)
        page = self.paginate_queryset(accounts)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="public_accounts_open",
        summary="Open a public account",
        request=NewAccountSerializer,
        responses={201: PublicAccountSerializer},
        examples=[
            OpenApiExample(
                "New", {"handle": "tea_notes", "name": "Tea Notes", "bio": "One tea a week."}, request_only=True
            )
        ],
    )
    def create(self, request: Request) -> Response:
        form = NewAccountSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        account = services.open_account(owner=request.user, **form.validated_data)
        return self._answer(account.handle, status.HTTP_201_CREATED)

    @extend_schema(operation_id="public_accounts_retrieve", summary="A public account")
    def retrieve(self, request: Request, handle: str) -> Response:
        return self._answer(handle)

    @extend_schema(
        operation_id="public_accounts_update",
        summary="Change one's own public account, close it or open it again",
        request=AccountChangeSerializer,
    )
    def partial_update(self, request: Request, handle: str) -> Response:
        account = self._account(handle)
        form = AccountChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.change_account(owner=request.user, account=account, **form.validated_data)
        return self._answer(handle)

    @extend_schema(operation_id="public_accounts_follow", summary="Follow", request=None)
    def follow(self, request: Request, handle: str) -> Response:
        services.follow_account(follower=request.user, account=self._account(handle))
        return self._answer(handle)

    @extend_schema(
        operation_id="public_accounts_unfollow", summary="Stop following", request=None, responses={204: None}
    )
    def unfollow(self, request: Request, handle: str) -> Response:
        services.unfollow_account(follower=request.user, account=self._account(handle))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["public accounts"])
class AccountArticles(GenericViewSet[Article]):
    serializer_class = ArticleCardSerializer
    pagination_class = NewestFirst
    queryset = Article.objects.none()

    def _account(self, handle: str) -> PublicAccount:
        accounts = PublicAccount.objects.visible_to(self.request.user)
        account: PublicAccount = get_object_or_404(accounts, handle=handle.lower())
        return account

    @extend_schema(
        operation_id="public_accounts_articles_list",
        summary="What an account has published; for the one who runs it, its drafts too",
        parameters=[OpenApiParameter("state", str, enum=["published", "draft"])],
    )
    def list(self, request: Request, handle: str) -> Response:
        articles = Article.objects.visible_to(request.user).filter(account=self._account(handle)).for_cards()
        if request.query_params.get("state") == Article.State.DRAFT:
            self.paginator.ordering = ("-pk",)  # type: ignore[union-attr]
            articles = articles.drafts()
        else:
            articles = articles.published()
        page = self.paginate_queryset(articles)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="public_accounts_articles_write",
        summary="Write an article, which is a draft until it is published",
        request=ArticleChangeSerializer,
        responses={201: ArticleSerializer},
        examples=[
            OpenApiExample(
                "A draft",
                {"title": "First flush", "body": "<p>The first leaves of <strong>spring</strong>.</p>"},
                request_only=True,
            )
        ],
    )
    def create(self, request: Request, handle: str) -> Response:
        account = self._account(handle)
        form = ArticleChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        article = services.write_article(author=request.user, account=account, **form.validated_data)
        answer: dict[str, Any] = ArticleSerializer(article, context=self.get_serializer_context()).data
        return Response(answer, status=status.HTTP_201_CREATED)
