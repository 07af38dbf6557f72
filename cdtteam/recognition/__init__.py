"""What the commune gives to those who took part: certificates of what each did in a period or a campaign."""
