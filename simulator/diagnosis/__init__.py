"""Why a call is refused: causes with their place, and fixes that were tried first."""
