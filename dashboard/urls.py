from django.urls import path, re_path

from dashboard import views
from dashboard.charts import ChartData

app_name = "dashboard"

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path(
        "dashboard/grafik/<slug:name>/",
        ChartData.as_view(reading=staticmethod(views.reading_for)),
        name="chart",
    ),
    re_path(
        r"^dashboard/(?P<name>[a-z-]+)\.(?P<extension>csv|xlsx)$", views.table_file, name="file"
    ),
]
