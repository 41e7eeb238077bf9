from rest_framework.routers import SimpleRouter

from .api import UploadViewSet

router = SimpleRouter(use_regex_path=False)
router.register("uploads", UploadViewSet, basename="upload")

urlpatterns = router.urls
