"""Stickers, custom emoji, and what has been sent into a conversation."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api_fields import MessageSerializer
from chat.files import FilesKind, files_of
from chat.lookup import find_membership, parse_id
from chat.models import CustomEmoji, Message, Sticker, StickerPack
from chat.models.sticker import EMOJI_NAME_LENGTH_MAX, PACK_NAME_LENGTH_MAX, STICKER_WORDS_LENGTH_MAX
from chat.own_parts import attach_own_parts
from chat.paging import SeqPages
from superapp.kernel.errors import NotFound
from superapp.kernel.rest import CursorPages


class StickerSerializer(serializers.ModelSerializer[Sticker]):
    id = serializers.CharField(source="pk", read_only=True)
    pack = serializers.CharField(source="pack_id", read_only=True)
    image = serializers.CharField(source="url", read_only=True, help_text="A path that never changes.")

    class Meta:
        model = Sticker
        fields = ["id", "pack", "words", "image", "width", "height"]
        read_only_fields = fields


class StickerPackSerializer(serializers.ModelSerializer[StickerPack]):
    id = serializers.CharField(source="pk", read_only=True)
    owner = serializers.CharField(source="owner.handle", read_only=True, help_text="A handle.")
    stickers = serializers.SerializerMethodField()

    class Meta:
        model = StickerPack
        fields = ["id", "name", "owner", "shared", "stickers"]

    @extend_schema_field(StickerSerializer(many=True))
    def get_stickers(self, pack: StickerPack) -> Any:
        shown = [sticker for sticker in pack.stickers.all() if sticker.removed_at is None]
        return StickerSerializer(sorted(shown, key=lambda sticker: sticker.pk), many=True).data


class NewPackSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=PACK_NAME_LENGTH_MAX)
    shared = serializers.BooleanField(required=False, default=False, help_text="Everybody here may use it.")


class PackChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=PACK_NAME_LENGTH_MAX, required=False)
    shared = serializers.BooleanField(required=False)


class NewStickerSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="PNG, WebP or GIF. It may move: at most 60 frames, 10 seconds.")
    words = serializers.CharField(max_length=STICKER_WORDS_LENGTH_MAX, help_text="What it shows.")


class KeptSerializer(serializers.Serializer[Any]):
    sticker = serializers.CharField(required=False, max_length=20, help_text="The id of a sticker of a pack one sees;")
    message = serializers.CharField(required=False, max_length=20, help_text="or of a message that shows one.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError({"sticker": "Name a sticker or a message."})
        return attrs


class CustomEmojiSerializer(serializers.ModelSerializer[CustomEmoji]):
    image = serializers.CharField(source="url", read_only=True, help_text="A path that never changes.")

    class Meta:
        model = CustomEmoji
        fields = ["name", "image"]


class NewCustomEmojiSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=EMOJI_NAME_LENGTH_MAX + 2)
    file = serializers.FileField()


PACK = OpenApiExample("A pack", {"name": "Bread", "shared": True}, request_only=True)
KEPT = OpenApiExample("The sticker of a message", {"message": "4711"}, request_only=True)


class _Packs(generics.GenericAPIView[StickerPack]):
    serializer_class = StickerPackSerializer
    queryset = StickerPack.objects.none()

    def pack(self, pk: int) -> StickerPack:
        return get_object_or_404(StickerPack.objects.visible_to(self.request.user).select_related("owner"), pk=pk)


@extend_schema(tags=["stickers"])
class PacksView(_Packs):
    pagination_class = CursorPages

    @extend_schema(
        operation_id="sticker_packs_list",
        summary="Packs of stickers",
        description="Those at hand when writing; with `shared=true` those that everybody may use.",
        parameters=[OpenApiParameter("shared", OpenApiTypes.BOOL)],
        responses=StickerPackSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        packs = StickerPack.objects.visible_to(request.user).select_related("owner").prefetch_related("stickers")
        if request.query_params.get("shared") == "true":
            packs = packs.filter(shared=True)
        else:
            packs = packs.filter(added__person=request.user)
        page = self.paginate_queryset(packs)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="sticker_packs_create",
        summary="Make a pack",
        request=NewPackSerializer,
        responses={201: StickerPackSerializer},
        examples=[PACK],
    )
    def post(self, request: Request) -> Response:
        form = NewPackSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        pack = services.make_pack(owner=request.user, **form.validated_data)
        return Response(self.get_serializer(pack).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["stickers"])
class PackView(_Packs):
    @extend_schema(operation_id="sticker_packs_retrieve", summary="A pack", responses=StickerPackSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.pack(pk)).data)

    @extend_schema(
        operation_id="sticker_packs_update",
        summary="Change a pack of one's own",
        request=PackChangeSerializer,
        responses=StickerPackSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        pack = self.pack(pk)
        form = PackChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.change_pack(owner=request.user, pack=pack, **form.validated_data)
        return Response(self.get_serializer(self.pack(pk)).data)

    @extend_schema(operation_id="sticker_packs_destroy", summary="Remove a pack", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.remove_pack(actor=request.user, pack=self.pack(pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["stickers"])
class PackStickersView(_Packs):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="stickers_create",
        summary="Put a sticker into a pack of one's own",
        request={"multipart/form-data": NewStickerSerializer},
        responses={201: StickerSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        pack = self.pack(pk)
        form = NewStickerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sticker = services.add_sticker(owner=request.user, pack=pack, **form.validated_data)
        return Response(StickerSerializer(sticker).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["stickers"])
class PackAddedView(_Packs):
    @extend_schema(operation_id="sticker_packs_add", summary="Have a pack at hand", request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        services.add_pack(person=request.user, pack=self.pack(pk))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="sticker_packs_put_away", summary="Put a pack away", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.put_pack_away(person=request.user, pack=self.pack(pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["stickers"])
class StickerView(APIView):
    @extend_schema(
        operation_id="stickers_destroy", summary="Take a sticker out of a pack of one's own", responses={204: None}
    )
    def delete(self, request: Request, pk: int) -> Response:
        visible = Sticker.objects.visible_to(request.user).select_related("pack")
        services.remove_sticker(owner=request.user, sticker=get_object_or_404(visible, pk=pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["stickers"])
class FavouritesView(generics.GenericAPIView[Sticker]):
    serializer_class = StickerSerializer
    queryset = Sticker.objects.none()

    @extend_schema(
        operation_id="favourite_stickers_list",
        summary="The stickers one has kept, the latest first",
        responses=StickerSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(self.get_serializer(Sticker.objects.kept_by(request.user), many=True).data)

    @extend_schema(
        operation_id="favourite_stickers_create",
        summary="Keep a sticker",
        request=KeptSerializer,
        responses={201: StickerSerializer},
        examples=[KEPT],
    )
    def post(self, request: Request) -> Response:
        form = KeptSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sticker = services.keep_sticker(person=request.user, **_named(request, form.validated_data))
        return Response(self.get_serializer(sticker).data, status=status.HTTP_201_CREATED)


def _named(request: Request, wanted: dict[str, str]) -> dict[str, Any]:
    [(what, name)] = wanted.items()
    visible = Sticker.objects if what == "sticker" else Message.objects
    found = visible.visible_to(request.user).filter(pk=parse_id(name)).first()
    if found is None:
        raise NotFound
    return {what: found}


@extend_schema(tags=["stickers"])
class FavouriteView(APIView):
    @extend_schema(operation_id="favourite_stickers_destroy", summary="Keep a sticker no longer", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        sticker = get_object_or_404(Sticker.objects.visible_to(request.user), pk=pk)
        services.forget_sticker(person=request.user, sticker=sticker)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["stickers"])
class CustomEmojiListView(generics.GenericAPIView[CustomEmoji]):
    serializer_class = CustomEmojiSerializer
    queryset = CustomEmoji.objects.none()

    def get_parsers(self) -> Any:
        return [MultiPartParser()] if self.request and self.request.method == "POST" else super().get_parsers()

    @extend_schema(
        operation_id="custom_emoji_list",
        summary="The emoji of this place",
        description="In a text or a reaction they are written `:name:`.",
        responses=CustomEmojiSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(self.get_serializer(CustomEmoji.objects.order_by("name"), many=True).data)

    @extend_schema(
        operation_id="custom_emoji_create",
        summary="Add an emoji (moderators)",
        request={"multipart/form-data": NewCustomEmojiSerializer},
        responses={201: CustomEmojiSerializer},
    )
    def post(self, request: Request) -> Response:
        form = NewCustomEmojiSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        emoji = services.make_custom_emoji(moderator=request.user, **form.validated_data)
        return Response(self.get_serializer(emoji).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["stickers"])
class CustomEmojiView(APIView):
    @extend_schema(operation_id="custom_emoji_destroy", summary="Remove an emoji (moderators)", responses={204: None})
    def delete(self, request: Request, name: str) -> Response:
        services.remove_custom_emoji(moderator=request.user, emoji=get_object_or_404(CustomEmoji, name=name))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["messages"])
class HeardView(APIView):
    @extend_schema(
        operation_id="messages_heard",
        summary="A voice message has been listened to",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, pk: int) -> Response:
        message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
        services.mark_heard(listener=request.user, message=message)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["messages"])
class FilesView(generics.GenericAPIView[Message]):
    serializer_class = MessageSerializer
    pagination_class = SeqPages
    queryset = Message.objects.none()

    @extend_schema(
        operation_id="conversations_files",
        summary="What has been sent into a conversation, newest first",
        parameters=[
            OpenApiParameter(
                "kind", enum=FilesKind.values, description="`media` are photos and videos. Default: `media`."
            )
        ],
        responses=MessageSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        member = find_membership(request.user, pk)
        kind = request.query_params.get("kind", FilesKind.MEDIA)
        if kind not in FilesKind.values:
            raise serializers.ValidationError({"kind": f"One of {', '.join(FilesKind.values)}."})
        page = self.paginate_queryset(files_of(member, kind))
        attach_own_parts(page or [], request.user)
        context = {"request": request, "member": member}
        return self.get_paginated_response(MessageSerializer(page, many=True, context=context).data)
