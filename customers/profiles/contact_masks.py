"""Contact data for staff who may not see it: enough to recognise, too little to use."""


def mask_email(address: str | None) -> str:
    """`jiayi.lin@example.com` → `j•••@example.com`."""
    if not address:
        return ""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}•••{at}{host}"


def mask_phone(number: str | None) -> str:
    """`+8613812342217` → `+86 ••• 2217`."""
    if not number:
        return ""
    return f"{number[:3]} ••• {number[-4:]}" if len(number) > 7 else "•••"
