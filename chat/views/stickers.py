from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from chat import services
from chat.custom_emoji import custom_emoji
from chat.emoji_groups import emoji_groups
from chat.forms import CustomEmojiForm, PackForm, SendStickerForm, StickerForm
from chat.models import CustomEmoji, Message, Sticker, StickerPack
from chat.models.sticker import picture_url
from superapp.kernel.errors import Refused, add_to_form

from .loading import conversation_of, list_beside, quoted

SHARED_SHOWN = 60


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stickers_here(request: HttpRequest, pk: int) -> HttpResponse:
    """The stickers at hand, to send one: a page of its own, or the panel beside the composer."""
    conversation = conversation_of(request, pk)
    form = SendStickerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        services.send_sticker(
            sender=request.user,
            conversation=conversation,
            client_id=words["client_id"],
            sticker_id=words["sticker"],
            reply_to=quoted(request, conversation, words["reply_to"]),
        )
        return redirect("chat:detail", pk)
    context = {
        "conversation": conversation,
        "packs": StickerPack.objects.in_panel_of(request.user),
        "favourites": Sticker.objects.kept_by(request.user),
        "client_id": uuid.uuid4(),
    }
    if request.htmx:
        return render(request, "chat/_sticker_panel.html", context)
    return render(request, "chat/stickers_here.html", list_beside(request, conversation) | context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stickers(request: HttpRequest) -> HttpResponse:
    """One's own stickers, and the packs that everybody may use."""
    form = PackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(services.make_pack(owner=request.user, **form.cleaned_data))
        except Refused as refusal:
            add_to_form(form, refusal)
    mine = list(StickerPack.objects.in_panel_of(request.user))
    shared = StickerPack.objects.filter(shared=True).visible_to(request.user)
    context = list_beside(request) | {
        "form": form,
        "packs": mine,
        "favourites": Sticker.objects.kept_by(request.user),
        "others": shared.exclude(pk__in=[pack.pk for pack in mine]).order_by("-created_at")[:SHARED_SHOWN],
    }
    return render(request, "chat/stickers.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sticker_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """A pack with its stickers. Its owner puts more into it here."""
    pack = _pack(request, pk)
    form = StickerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_sticker(owner=request.user, pack=pack, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect(pack)
    context = list_beside(request) | {
        "pack": pack,
        "stickers": pack.stickers.filter(removed_at=None).order_by("pk"),
        "is_mine": pack.changeable_by(request.user),
        "may_remove": pack.removable_by(request.user),
        "is_added": pack.added.filter(person=request.user).exists(),
        "form": form,
        "pack_form": PackForm(instance=pack),
    }
    return render(request, "chat/sticker_pack.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def change_pack(request: HttpRequest, pk: int) -> HttpResponse:
    form = PackForm(request.POST)
    pack = _pack(request, pk)
    if form.is_valid():
        services.change_pack(owner=request.user, pack=pack, **form.cleaned_data)
    return redirect(pack)


@login_required
@require_POST
def remove_pack(request: HttpRequest, pk: int) -> HttpResponse:
    services.remove_pack(actor=request.user, pack=_pack(request, pk))
    messages.success(request, _("The pack is gone. Stickers that were sent stay to be seen."))
    return redirect("chat:stickers")


@login_required
@require_POST
def add_pack(request: HttpRequest, pk: int) -> HttpResponse:
    pack = _pack(request, pk)
    services.add_pack(person=request.user, pack=pack)
    return redirect(pack)


@login_required
@require_POST
def put_pack_away(request: HttpRequest, pk: int) -> HttpResponse:
    services.put_pack_away(person=request.user, pack=_pack(request, pk))
    return redirect("chat:stickers")


@login_required
@require_POST
def remove_sticker(request: HttpRequest, pk: int) -> HttpResponse:
    sticker = _sticker(request, pk)
    services.remove_sticker(owner=request.user, sticker=sticker)
    return redirect(sticker.pack)


@login_required
@require_POST
def keep_sticker(request: HttpRequest, pk: int) -> HttpResponse:
    services.keep_sticker(person=request.user, sticker=_sticker(request, pk))
    messages.success(request, _("Added to your stickers."))
    return redirect("chat:stickers")


@login_required
@require_POST
def forget_sticker(request: HttpRequest, pk: int) -> HttpResponse:
    services.forget_sticker(person=request.user, sticker=_sticker(request, pk))
    return redirect("chat:stickers")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def message_sticker(request: HttpRequest, pk: int) -> HttpResponse:
    """A sticker somebody has sent, large; and to add it to one's own."""
    shown = Message.objects.visible_to(request.user).filter(kind=Message.Kind.STICKER, recalled_at=None)
    message = get_object_or_404(shown.select_related("conversation"), pk=pk)
    if request.method == "POST":
        services.keep_sticker(person=request.user, message=message)
        messages.success(request, _("Added to your stickers."))
        return redirect("chat:detail", message.conversation_id)
    sticker_id = int(message.payload["sticker"])
    visible = Sticker.objects.visible_to(request.user).filter(pk=sticker_id)
    context = list_beside(request, None) | {
        "conversation": message.conversation,
        "message": message,
        "is_kept": Sticker.objects.kept_by(request.user).filter(pk=sticker_id).exists(),
        "pack": StickerPack.objects.visible_to(request.user).filter(pk__in=visible.values("pack")).first(),
    }
    return render(request, "chat/message_sticker.html", context)


@require_safe
def sticker_picture(request: HttpRequest, token: str) -> HttpResponseBase:
    """Of a sticker or an emoji. Its name cannot be guessed, and what it names never changes."""
    if not request.user.is_authenticated:
        raise Http404
    name = f"stickers/{token}.webp"
    response: HttpResponseBase
    if settings.ACCEL_REDIRECT_PREFIX:
        response = HttpResponse(content_type="image/webp")
        response.headers["X-Accel-Redirect"] = f"{settings.ACCEL_REDIRECT_PREFIX.rstrip('/')}/{name}"
    else:
        try:
            response = FileResponse(default_storage.open(name), content_type="image/webp")
        except OSError as error:
            raise Http404 from error
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_required
@require_safe
@vary_on_headers("Accept-Language", "Cookie")
@cache_control(private=True, max_age=300)
def emoji(request: HttpRequest) -> HttpResponse:
    """For the picker: our own by name, then everybody's by group."""
    own = [[f":{name}:", name, picture_url(image)] for name, image in custom_emoji().items()]
    return JsonResponse({"own": own, "groups": emoji_groups()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def custom_emoji_page(request: HttpRequest) -> HttpResponse:
    """The emoji of this place. Who looks after it adds and removes them here."""
    form = CustomEmojiForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.make_custom_emoji(moderator=request.user, **form.cleaned_data)
        except Refused as refusal:
            if not refusal.errors:
                raise
            add_to_form(form, refusal)
        else:
            return redirect("chat:custom_emoji")
    context = list_beside(request) | {"form": form, "all_emoji": CustomEmoji.objects.order_by("name")}
    return render(request, "chat/custom_emoji.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def remove_custom_emoji(request: HttpRequest, name: str) -> HttpResponse:
    services.remove_custom_emoji(moderator=request.user, emoji=get_object_or_404(CustomEmoji, name=name))
    return redirect("chat:custom_emoji")


def _pack(request: HttpRequest, pk: int) -> StickerPack:
    return get_object_or_404(StickerPack.objects.visible_to(request.user), pk=pk)


def _sticker(request: HttpRequest, pk: int) -> Sticker:
    visible = Sticker.objects.visible_to(request.user).select_related("pack")
    return get_object_or_404(visible, pk=pk)
