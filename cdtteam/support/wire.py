"""Catalogue entries as phones get them."""

from typing import Any

from cdtteam.support.models import Indicator, Service


def service_data(service: Service) -> dict[str, Any]:
    """A service for a phone."""
    return {
        "id": service.id,
        "code": service.code,
        "pillar": service.pillar,
        "national_item": service.national_item,
        "short_vi": service.short_vi,
        "name_vi": service.name_vi,
        "name_en": service.name_en,
        "focus": service.is_focus,
        "position": service.position,
        "active": service.is_active,
    }


def indicator_data(indicator: Indicator) -> dict[str, Any]:
    """An indicator for a phone."""
    return {
        "id": indicator.id,
        "code": indicator.code,
        "type": indicator.type,
        "base": indicator.base,
        "name_vi": indicator.name_vi,
        "name_en": indicator.name_en,
        "position": indicator.position,
        "active": indicator.is_active,
    }
